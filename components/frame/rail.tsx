'use client'
import { Ellipsis } from 'lucide-react'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import type { Permission } from '../../server/auth/contract.ts'
import { cn } from '../ui/class-names.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { useEnvironment } from './environment.ts'
import { isCurrent, type NavEntry, navigation } from './navigation.ts'
import { useSession } from './session.tsx'

/** Pages that few people see: not shown before it is known who looks. */
const seldom: readonly Permission[] = ['people.read', 'scene.run']

function usePages(): readonly NavEntry[] {
  const session = useSession()
  return navigation.filter((entry) => session?.may[entry.needs] ?? !seldom.includes(entry.needs))
}

/** The pages, along the left edge of a wide screen. */
export function Rail({ waiting }: { waiting: number | undefined }) {
  const pages = usePages()
  const pathname = usePathname()
  const { link } = useEnvironment()
  return (
    <nav aria-label="Pages" className="hidden w-40 shrink-0 flex-col border-r bg-sunken md:flex">
      <Link href={link('/')} className="flex h-12 items-center px-4 font-semibold text-base">
        InfraSage
      </Link>
      <ul className="flex flex-col px-2">
        {pages.map(({ href, label, icon: Icon }) => {
          const current = isCurrent(href, pathname)
          return (
            <li key={href}>
              <Link
                href={link(href)}
                aria-current={current ? 'page' : undefined}
                className={cn(
                  'flex h-8 items-center gap-2 rounded-md px-2 text-muted hover:bg-hover hover:text-ink',
                  current && 'bg-selected font-medium text-ink',
                )}
              >
                <Icon aria-hidden className="size-4" />
                <span className="flex-1">{label}</span>
                {href === '/inbox' ? <Waiting count={waiting} /> : null}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}

function Waiting({ count }: { count: number | undefined }) {
  if (!count) return null
  return (
    <span className="num block h-4 rounded-sm bg-wait-soft px-1 text-wait text-xs leading-4">
      {count}
      <span className="sr-only"> waiting</span>
    </span>
  )
}

/** The same pages, along the foot of a phone. */
export function BottomBar({ waiting }: { waiting: number | undefined }) {
  const pages = usePages()
  const pathname = usePathname()
  const router = useRouter()
  const { link } = useEnvironment()
  const item = 'relative flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-2xs text-muted'
  return (
    <nav
      aria-label="Pages"
      className="flex shrink-0 border-t bg-sunken pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {pages.slice(0, 4).map(({ href, label, icon: Icon }) => {
        const current = isCurrent(href, pathname)
        return (
          <Link
            key={href}
            href={link(href)}
            aria-current={current ? 'page' : undefined}
            className={cn(item, current && 'font-medium text-ink')}
          >
            <span className="relative">
              <Icon aria-hidden className="size-5" />
              {href === '/inbox' ? (
                <span className="absolute -top-1 left-4">
                  <Waiting count={waiting} />
                </span>
              ) : null}
            </span>
            {label}
          </Link>
        )
      })}
      <Menu
        trigger={
          <button type="button" className={item}>
            <Ellipsis aria-hidden className="size-5" />
            More
          </button>
        }
      >
        {pages.slice(4).map(({ href, label, icon: Icon }) => (
          <MenuItem key={href} onSelect={() => router.push(link(href))}>
            <Icon aria-hidden />
            {label}
          </MenuItem>
        ))}
      </Menu>
    </nav>
  )
}
