import { PageHeader } from '@/components/shell/page-header'
import { KeptFocus } from '@/components/ui/kept-focus'
import { NotificationSettings } from './notification-settings'
import { ReminderList } from './reminder-list'
import { WordsForm } from './words-form'

/** What is coming up, how to add by words, and how one is told. */
export function RemindersScreen() {
  return (
    <div className="max-w-7xl px-4 md:px-10">
      <PageHeader title="Reminders" />
      <div className="grid gap-x-16 gap-y-10 pb-10 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <section aria-label="What you asked for">
          <KeptFocus>
            <ReminderList />
          </KeptFocus>
        </section>
        <div className="flex flex-col gap-10">
          <section aria-labelledby="by-words">
            <h2 id="by-words" className="mb-4 font-title text-20">
              By words
            </h2>
            <WordsForm />
          </section>
          <section aria-labelledby="how-told">
            <h2 id="how-told" className="mb-4 font-title text-20">
              How we tell you
            </h2>
            <NotificationSettings />
          </section>
        </div>
      </div>
    </div>
  )
}
