import { jumpTo, letterOf, letters } from './letters'

/** The alphabet at the edge of a long list. */
export function LetterJump({ from }: { from: string | undefined }) {
  const here = letterOf(from)
  return (
    <nav
      aria-label="Jump to a letter"
      data-focus-region="letters"
      className="sticky top-4 hidden h-[calc(100dvh-2rem)] max-h-200 w-9 shrink-0 flex-col self-start md:flex"
    >
      {letters.map(letter => (
        <button
          key={letter}
          type="button"
          aria-label={letter === '#' ? 'Jump to numbers' : `Jump to ${letter}`}
          aria-current={here === letter ? 'true' : undefined}
          onClick={() => jumpTo(letter)}
          className={`flex min-h-6 w-full grow items-center justify-center rounded-cell text-12 transition-colors duration-120 ${here === letter ? 'bg-accent font-strong text-on-accent' : 'text-muted hover:bg-fill-strong hover:text-text'}`}
        >
          {letter}
        </button>
      ))}
    </nav>
  )
}
