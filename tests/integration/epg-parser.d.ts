declare module 'epg-parser' {
  interface Text {
    value?: string
    lang?: string
    src?: string
  }
  export function parse(text: string): {
    channels: { id: string; displayName: Text[]; icon: Text[] }[]
    programs: { channel: string; start: string; stop: string; title: Text[]; desc: Text[] }[]
  }
}
