'use client'
import { KeyRound, LogOut, UserRound } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { signOut } from 'next-auth/react'
import { useTheme } from 'next-themes'
import { Button } from '../ui/button.tsx'
import { useZone } from '../ui/clock.tsx'
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from '../ui/menu.tsx'
import type { ZoneChoice } from '../ui/time.ts'
import { useSession } from './session.tsx'

const themes = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

const zones: { value: ZoneChoice; label: string }[] = [
  { value: 'utc', label: 'UTC' },
  { value: 'local', label: 'My time zone' },
]

/** Who is signed in, how the screen looks to them, and the way out. */
export function UserMenu() {
  const session = useSession()
  const router = useRouter()
  const { theme, setTheme } = useTheme()
  const { zone, setZone } = useZone()
  return (
    <Menu
      trigger={
        <Button variant="quiet" className="px-2" aria-label={`You: ${session?.name ?? 'signing in'}`}>
          <UserRound aria-hidden />
          <span className="hidden max-w-32 truncate lg:inline">{session?.name}</span>
        </Button>
      }
    >
      <MenuLabel>
        {session?.email}
        <br />
        {session?.roles.join(', ')}
      </MenuLabel>
      <MenuSeparator />
      <MenuLabel>Theme</MenuLabel>
      <MenuChoice
        value={themes.find(({ value }) => value === theme)?.value ?? 'system'}
        options={themes}
        onChange={setTheme}
      />
      <MenuSeparator />
      <MenuLabel>Times in</MenuLabel>
      <MenuChoice value={zone} options={zones} onChange={setZone} />
      <MenuSeparator />
      <MenuItem onSelect={() => router.push('/account')}>
        <KeyRound aria-hidden />
        Your account
      </MenuItem>
      <MenuItem onSelect={() => void signOut({ callbackUrl: '/sign-in' })}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </Menu>
  )
}
