/** Heading and one sentence at the top of a door card. */
export function AuthTitle({ title, text }: { title: string; text?: string }) {
  return (
    <div className="mb-6 flex flex-col gap-2">
      <h1 className="text-balance font-title text-28">{title}</h1>
      {text ? <p className="text-muted">{text}</p> : null}
    </div>
  )
}
