import { domainInput, domainUpdate, offeringInput, offeringUpdate } from '../../plan/contract.ts'
import { createDomain, createOffering, listDomains, updateDomain, updateOffering } from '../../plan/index.ts'
import { procedure, router } from '../trpc.ts'

export const domainRouter = router({
  list: procedure('catalog.read').query(({ ctx }) => listDomains({ ctx })),
  create: procedure('catalog.manage')
    .input(domainInput)
    .mutation(({ ctx, input }) => createDomain({ ctx, input })),
  update: procedure('catalog.manage')
    .input(domainUpdate)
    .mutation(({ ctx, input }) => updateDomain({ ctx, input })),
  createOffering: procedure('catalog.manage')
    .input(offeringInput)
    .mutation(({ ctx, input }) => createOffering({ ctx, input })),
  updateOffering: procedure('catalog.manage')
    .input(offeringUpdate)
    .mutation(({ ctx, input }) => updateOffering({ ctx, input })),
})
