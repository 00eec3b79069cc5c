/** What a page says to the service worker. */
export type PageMessage = TakeOverMessage

/** "I have just been loaded with these scripts: if they are yours and nobody else is here, begin." */
export interface TakeOverMessage {
  type: 'take-over'
  scripts: string[]
}
