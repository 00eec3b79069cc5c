interface QrPictureProps {
  /** Drawn by our server. Shown as a picture, so that nothing in it can act. */
  svg: string
  label: string
}

export function QrPicture({ svg, label }: QrPictureProps) {
  return (
    <figure className="flex flex-col items-center gap-2">
      {/* biome-ignore lint/performance/noImgElement: a drawing inside the page needs no loader */}
      <img
        src={`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`}
        alt={`QR code of the ${label.toLowerCase()}`}
        className="size-36 rounded-cell bg-white p-1 sm:size-40"
      />
      <figcaption className="text-12 text-muted">{label}</figcaption>
    </figure>
  )
}
