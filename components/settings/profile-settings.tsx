'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '@/components/shell/api'
import { pictureNames, pictureOf } from '@/components/shell/pictures'
import { ProfilePicture } from '@/components/shell/profile-picture'
import { meQuery } from '@/components/shell/queries'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Form } from '@/components/ui/form'
import { SelectField } from '@/components/ui/select-field'
import { showToast } from '@/components/ui/toast-store'
import type { ProfileView } from '@/lib/profiles/schema'

const languages = [
  ['en', 'English'],
  ['de', 'Deutsch'],
  ['es', 'Español'],
  ['fr', 'Français'],
  ['it', 'Italiano'],
  ['nl', 'Nederlands'],
  ['pl', 'Polski'],
  ['pt', 'Português'],
  ['ro', 'Română'],
  ['tr', 'Türkçe'],
  ['ar', 'العربية'],
] as const

function PictureChoice({ value, onChange }: { value: string; onChange: (picture: string) => void }) {
  return (
    <fieldset>
      <legend className="mb-2 font-strong text-14">Picture</legend>
      <div className="flex flex-wrap gap-2">
        {pictureNames.map(picture => (
          <label
            key={picture}
            className={`relative rounded-full p-1 transition-transform duration-120 hover:scale-105 has-focus-visible:outline-3 has-focus-visible:outline-accent ${picture === value ? 'ring-3 ring-accent' : ''}`}
          >
            <input
              type="radio"
              name="picture"
              value={picture}
              aria-label={pictureOf(picture).name}
              checked={picture === value}
              onChange={() => onChange(picture)}
              className="absolute inset-0 size-full cursor-pointer opacity-0"
            />
            <ProfilePicture picture={picture} className="size-12" />
          </label>
        ))}
      </div>
    </fieldset>
  )
}

export function ProfileSettings({ profile }: { profile: ProfileView }) {
  const [picture, setPicture] = useState(profile.picture)
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: ({ name, language }: Readonly<Record<string, string>>) =>
      callApi<ProfileView>('PATCH', '/api/profile', { name, language, picture }),
    onSuccess: async () => {
      showToast('Your profile was saved.')
      await client.invalidateQueries({ queryKey: meQuery.queryKey })
    },
  })
  const known = languages.some(([code]) => code === profile.language)
  const options = languages.map(([value, label]) => ({ value, label }))
  return (
    <Form label="Profile" error={save.error} fields={['name']} onSend={values => save.mutate(values)}>
      {problemAt => (
        <>
          <Field
            label="Profile name"
            name="name"
            defaultValue={profile.name}
            maxLength={40}
            autoComplete="off"
            problem={problemAt('name')}
          />
          <PictureChoice value={picture} onChange={setPicture} />
          <SelectField
            label="Language"
            name="language"
            hint="Kept with your profile, for sound and subtitles."
            defaultValue={profile.language}
            options={known ? options : [...options, { value: profile.language, label: profile.language }]}
          />
          <Button type="submit" tone="primary" busy={save.isPending} className="self-start">
            Save profile
          </Button>
        </>
      )}
    </Form>
  )
}
