export type ButtonTone = 'primary' | 'secondary' | 'quiet' | 'danger'
export type ButtonSize = 'medium' | 'large' | 'small'

const tones: Record<ButtonTone, string> = {
  primary: 'bg-accent text-on-accent hover:brightness-110',
  secondary: 'bg-fill-strong text-text hover:bg-fill-strong hover:brightness-125 hairline',
  quiet: 'text-muted hover:bg-fill hover:text-text',
  danger: 'bg-danger text-on-danger hover:brightness-110',
}

const sizes: Record<ButtonSize, string> = {
  small: 'h-9 px-3 text-14 gap-1.5',
  medium: 'h-11 px-5 text-14 gap-2',
  large: 'h-13 px-7 text-16 gap-2.5',
}

/** One look for everything that is pressed, whether it is a button or a link. */
export function buttonStyle(tone: ButtonTone, size: ButtonSize): string {
  return `inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-full font-strong transition duration-120 active:scale-[0.98] disabled:opacity-50 ${tones[tone]} ${sizes[size]}`
}
