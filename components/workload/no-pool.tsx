'use client'
import Link from 'next/link'
import { useEnvironment } from '../frame/environment.ts'
import { useMay } from '../frame/session.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/states.tsx'

/** Says of a workload without capacity of its own that, and why, nothing will be proposed for it. */
export function NoPool() {
  const { link } = useEnvironment()
  const mayAdd = useMay('catalog.manage')
  return (
    <Notice
      tone="wait"
      title="Nothing will be proposed: this workload has no pool"
      action={
        <Button asChild size="sm">
          <Link href={link('/targets')}>{mayAdd ? 'Add a pool under Targets' : 'Targets'}</Link>
        </Button>
      }
    >
      It is measured and forecast. A pool says which target holds its replicas, what one serves and what it
      costs; only then can capacity be planned.
      {mayAdd ? null : ' An admin adds it.'}
    </Notice>
  )
}
