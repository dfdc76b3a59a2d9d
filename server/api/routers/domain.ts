import { pending } from '../pending.ts'
import { procedure, router } from '../trpc.ts'

type DomainRow = {
  id: string
  name: string
  title: string
  kind: 'on_premise' | 'cloud' | 'edge'
  region: string
  jurisdiction: string
  securityTier: number
  carbonGPerKwh: number
  sandbox: boolean
}

export const domainRouter = router({
  list: procedure('catalog.read').query(({ ctx }) => pending<DomainRow[]>({ ctx })),
})
