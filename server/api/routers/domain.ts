import { domainInput, offeringInput } from '../../plan/contract.ts'
import { createDomain, createOffering, listDomains } from '../../plan/index.ts'
import { procedure, router } from '../trpc.ts'

export const domainRouter = router({
  list: procedure('catalog.read').query(({ ctx }) => listDomains({ ctx })),
  create: procedure('catalog.manage')
    .input(domainInput)
    .mutation(({ ctx, input }) => createDomain({ ctx, input })),
  createOffering: procedure('catalog.manage')
    .input(offeringInput)
    .mutation(({ ctx, input }) => createOffering({ ctx, input })),
})
