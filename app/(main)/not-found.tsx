import Link from 'next/link'
import { CommandKey } from '../../components/ui/kbd.tsx'
import { EmptyState } from '../../components/ui/states.tsx'

/** An address that leads nowhere, in the product's own words. */
export default function NotFound() {
  return (
    <div className="px-4 py-6">
      <EmptyState
        className="px-0"
        title="There is no such page"
        action={
          <Link href="/" className="underline">
            Go to the overview
          </Link>
        }
      >
        The address may be mistyped, or what it named is gone. <CommandKey name="K" /> finds pages, workloads
        and proposals.
      </EmptyState>
    </div>
  )
}
