declare module 'm3u8-parser' {
  export class Parser {
    push(text: string): void
    end(): void
    readonly manifest: {
      playlists?: { uri: string; attributes: Record<string, unknown> }[]
      segments: { uri: string; duration: number }[]
      mediaGroups: { AUDIO: Record<string, Record<string, { language?: string; default: boolean; uri?: string }>> }
    }
  }
}
