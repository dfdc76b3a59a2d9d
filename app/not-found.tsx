import Link from 'next/link'
import { CommandKey } from '../components/ui/kbd.tsx'
import { EmptyState } from '../components/ui/states.tsx'

/** An address that leads nowhere, in the product's own words. */
export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl pt-24">
      <EmptyState
        title="There is no such page"
        action={
          <Link href="/" className="underline">
            Go to the overview
          </Link>
        }
      >
        The address may be mistyped, or what it named is gone. <CommandKey name="K" /> on any page finds
        pages, workloads and proposals.
      </EmptyState>
    </main>
  )
}
