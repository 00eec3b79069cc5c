import type { ReactNode } from 'react'

interface SettingsSectionProps {
  id: string
  title: string
  text?: string
  children: ReactNode
}

/** One subject of the settings: its name at the left, what can be changed at the right. */
export function SettingsSection({ id, title, text, children }: SettingsSectionProps) {
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-12 gap-y-5 py-8 lg:grid-cols-[18rem_minmax(0,40rem)] [&+section]:hairline-t"
    >
      <div>
        <h2 id={id} className="font-title text-20">
          {title}
        </h2>
        {text ? <p className="mt-1 text-14 text-muted">{text}</p> : null}
      </div>
      <div className="min-w-0">{children}</div>
    </section>
  )
}
