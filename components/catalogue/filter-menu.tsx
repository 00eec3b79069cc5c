import { ChevronDown } from 'lucide-react'
import { Menu } from '@/components/ui/menu'
import { MenuItem } from '@/components/ui/menu-item'

export interface FilterOption {
  value: string
  label: string
  note?: string
}

interface FilterMenuProps {
  name: string
  /** The chosen value; "" is "any". */
  value: string
  /** What "any" is called; absent when one must be chosen. */
  any?: string
  options: readonly FilterOption[]
  onChoose: (value: string) => void
}

/** A filter as a chip: it says what is chosen and opens to the choices. */
export function FilterMenu({ name, value, any, options, onChoose }: FilterMenuProps) {
  const chosen = options.find(option => option.value === value)
  const shown = chosen?.label ?? any ?? ''
  const active = chosen !== undefined && any !== undefined
  const choices: readonly FilterOption[] = any === undefined ? options : [{ value: '', label: any }, ...options]
  return (
    <Menu
      label={`${name}: ${shown}`}
      align="left"
      buttonClassName={`inline-flex h-10 max-w-52 items-center gap-1.5 whitespace-nowrap rounded-full border px-4 text-14 transition-colors duration-120 ${active ? 'border-accent bg-accent-soft font-strong text-text' : 'border-line-strong text-muted hover:bg-fill hover:text-text'}`}
      button={
        <>
          <span className="truncate">{active || any === undefined ? shown : name}</span>
          <ChevronDown aria-hidden size="1rem" className="shrink-0" />
        </>
      }
    >
      {close =>
        choices.map(option => (
          <MenuItem
            key={option.value}
            checked={option.value === (chosen?.value ?? '')}
            onSelect={() => {
              onChoose(option.value)
              close()
            }}
          >
            {option.label}
            {option.note ? <span className="ml-2 text-12 text-faint">{option.note}</span> : null}
          </MenuItem>
        ))
      }
    </Menu>
  )
}
