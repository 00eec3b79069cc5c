import type { Delivery } from './source-draft'

interface DeliveryChoiceProps {
  value: Delivery
  onChange: (delivery: Delivery) => void
}

const ways = [
  {
    value: 'proxy',
    label: 'Through this server (recommended)',
    text: 'Your login stays here, and one stream can serve several screens.',
  },
  {
    value: 'redirect',
    label: 'Straight from the provider',
    text: 'The app is sent to the provider and sees your login there. What it plays cannot be seen or ended from here.',
  },
] as const

/** How other apps get the streams of a source. */
export function DeliveryChoice({ value, onChange }: DeliveryChoiceProps) {
  return (
    <fieldset>
      <legend className="mb-2 font-strong text-14">Other apps get its streams</legend>
      <div className="flex flex-col gap-2">
        {ways.map(way => (
          <label
            key={way.value}
            className={`relative flex cursor-pointer flex-col gap-0.5 rounded-cell border px-4 py-3 text-14 transition-colors duration-120 has-focus-visible:outline-3 has-focus-visible:outline-accent has-focus-visible:outline-offset-2 ${value === way.value ? 'border-accent bg-accent-soft' : 'border-line-strong hover:bg-fill'}`}
          >
            <input
              type="radio"
              name="delivery"
              value={way.value}
              checked={value === way.value}
              onChange={() => onChange(way.value)}
              className="absolute inset-0 size-full cursor-pointer opacity-0"
            />
            <span className={value === way.value ? 'font-strong' : ''}>{way.label}</span>
            <span className="text-muted">{way.text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
