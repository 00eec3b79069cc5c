'use client'

import { useQuery } from '@tanstack/react-query'
import { Layers, Settings } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Menu } from '@/components/ui/menu'
import { MenuItem } from '@/components/ui/menu-item'
import { ProfilePicture } from './profile-picture'
import { meQuery } from './queries'

/** The two places that do not fit the bottom bar of a phone. */
export function PhoneMenu() {
  const { data } = useQuery(meQuery)
  const router = useRouter()
  return (
    <div className="md:hidden">
      <Menu
        label="More"
        buttonClassName="flex size-11 items-center justify-center rounded-full"
        button={<ProfilePicture picture={data?.profile.picture ?? ''} className="size-9" />}
      >
        {close => (
          <>
            <MenuItem
              icon={<Layers aria-hidden size="1.25rem" strokeWidth={1.75} />}
              onSelect={() => {
                close()
                router.push('/sources')
              }}
            >
              Sources
            </MenuItem>
            <MenuItem
              icon={<Settings aria-hidden size="1.25rem" strokeWidth={1.75} />}
              onSelect={() => {
                close()
                router.push('/settings')
              }}
            >
              Settings
            </MenuItem>
          </>
        )}
      </Menu>
    </div>
  )
}
