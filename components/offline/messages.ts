/** What a page says to the service worker. */
export type PageMessage = TakeOverMessage

/** "I have just been loaded with these scripts: if they are yours and nobody else is here, begin." */
export interface TakeOverMessage {
  type: 'take-over'
  scripts: string[]
}

/** What the service worker says to its pages: a reminder was shown, so that the bell has something new. */
export interface WorkerMessage {
  type: 'notification'
}
