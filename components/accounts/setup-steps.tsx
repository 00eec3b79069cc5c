const steps = ['Administrator', 'Source', 'Done'] as const

/** Where one is in the first run: three short steps. */
export function SetupSteps({ at }: { at: 1 | 2 | 3 }) {
  return (
    <ol aria-label="Steps" className="mb-7 flex gap-2">
      {steps.map((step, index) => (
        <li key={step} aria-current={index + 1 === at ? 'step' : undefined} className="flex-1">
          <span aria-hidden className={`block h-1 rounded-full ${index < at ? 'bg-accent' : 'bg-fill-strong'}`} />
          <span className={`mt-2 block text-12 ${index + 1 === at ? 'font-strong text-text' : 'text-muted'}`}>
            {index + 1}. {step}
          </span>
        </li>
      ))}
    </ol>
  )
}
