/** A message to administrators: channels that are bad for everyone who watches them, or are fine again. */
export interface AlertWords {
  kind: 'alert_began' | 'alert_ended'
  /** The first of the channels, and how many more there are. */
  title: string
  others: number
}

/** "Sky News is bad for everyone who watches it." */
export function sayAlert({ kind, title, others }: AlertWords): string {
  const many = others > 0
  const who = many ? `${title} and ${others} ${others === 1 ? 'other' : 'others'}` : title
  if (kind === 'alert_ended') return `${who} ${many ? 'are' : 'is'} fine again.`
  return `${who} ${many ? 'are' : 'is'} bad for everyone who watches ${many ? 'them' : 'it'}.`
}

/** Where an administrator looks: at this channel, or at all where there are several. */
export const alertPath = ({ itemId, others }: { itemId: number; others: number }): string =>
  others > 0 ? '/admin/quality' : `/admin/quality?item=${itemId}`
