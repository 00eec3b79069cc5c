'use client'

import { useQuery } from '@tanstack/react-query'
import { BellRing, LogOut, MonitorSmartphone } from 'lucide-react'
import { leaveSession } from '@/components/accounts/session'
import { NotificationSettings } from '@/components/notifications/notification-settings'
import { PageHeader } from '@/components/shell/page-header'
import { type MeView, meQuery } from '@/components/shell/queries'
import { Button } from '@/components/ui/button'
import { ButtonLink } from '@/components/ui/button-link'
import { ErrorState } from '@/components/ui/error-state'
import { Skeleton } from '@/components/ui/skeleton'
import { AppearanceSettings } from './appearance-settings'
import { BedtimeSettings } from './bedtime-settings'
import { HistorySettings } from './history-settings'
import { InviteSettings } from './invite-settings'
import { PasswordSettings } from './password-settings'
import { ProfileSettings } from './profile-settings'
import { SessionSettings } from './session-settings'
import { SettingsSection } from './settings-section'
import { SignUpSettings } from './sign-up-settings'

function SettingsContent({ me }: { me: MeView }) {
  return (
    <>
      <SettingsSection id="profile" title="Profile" text="How you appear, and what you hear first.">
        <ProfileSettings key={me.profile.id} profile={me.profile} />
      </SettingsSection>
      <SettingsSection id="bedtime" title="Bedtime" text="When this profile does not watch, here and in other apps.">
        <BedtimeSettings key={JSON.stringify(me.profile.bedtime)} profile={me.profile} passwordSet={me.passwordSet} />
      </SettingsSection>
      <SettingsSection id="appearance" title="Appearance" text="On this device only.">
        <AppearanceSettings />
      </SettingsSection>
      <SettingsSection id="reminders" title="Reminders" text="How this profile hears that something begins.">
        <NotificationSettings />
        <ButtonLink href="/reminders" className="mt-6" icon={<BellRing aria-hidden size="1.125rem" strokeWidth={1.75} />}>
          All reminders
        </ButtonLink>
      </SettingsSection>
      <SettingsSection id="history" title="History" text="What this profile watched, and where it stopped.">
        <HistorySettings />
      </SettingsSection>
      {me.passwordSet ? (
        <SettingsSection id="password" title="Password" text={`For ${me.account.email}.`}>
          <PasswordSettings />
        </SettingsSection>
      ) : null}
      <SettingsSection id="devices" title="Devices" text="Where your account is signed in.">
        <SessionSettings />
        <p className="mt-6 mb-3 text-14 text-muted">TiviMate, Kodi, VLC and other apps have logins of their own.</p>
        <ButtonLink href="/devices" icon={<MonitorSmartphone aria-hidden size="1.125rem" strokeWidth={1.75} />}>
          Watch in other apps
        </ButtonLink>
      </SettingsSection>
      {me.account.role === 'admin' ? (
        <SettingsSection id="accounts" title="New accounts" text="Who may come in. Only you and other administrators see this.">
          <SignUpSettings />
          <InviteSettings />
        </SettingsSection>
      ) : null}
    </>
  )
}

export function SettingsScreen() {
  const me = useQuery(meQuery)
  return (
    <div className="px-4 md:px-10">
      <PageHeader title="Settings">
        <Button icon={<LogOut aria-hidden size="1.125rem" strokeWidth={1.75} />} onClick={() => void leaveSession()}>
          Sign out
        </Button>
      </PageHeader>
      <div className="max-w-6xl">
        {me.isPending ? <Skeleton className="mt-6 h-120 w-full rounded-card" /> : null}
        {me.isError && !me.data ? <ErrorState error={me.error} onRetry={() => void me.refetch()} /> : null}
        {me.data ? <SettingsContent me={me.data} /> : null}
      </div>
    </div>
  )
}
