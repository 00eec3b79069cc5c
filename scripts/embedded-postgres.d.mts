export interface EmbeddedPostgres {
  url: string
  /** True when the server had outlived a killed app and was taken over. */
  adopted: boolean
  stop(): Promise<void>
}
export function startEmbeddedPostgres(options: {
  dataDir: string
  database?: string
  settings?: Record<string, string | number>
  onLog?: (text: string) => void
}): Promise<EmbeddedPostgres>
