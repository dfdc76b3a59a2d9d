import { z } from 'zod'
import { domainInput, domainUpdate, offeringInput, offeringUpdate } from '../../plan/contract.ts'
import { createDomain, createOffering, listDomains, updateDomain, updateOffering } from '../../plan/index.ts'
import { type Route, route } from './route.ts'

const params = z.object({ id: z.uuid() })

/** Where capacity stands, and what it costs there. */
export const placeRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/domains',
    summary: 'Every place with what it sells, by name',
    permission: 'catalog.read',
    answer: 'A list of domains, each with its `offerings`.',
    handle: (ctx) => listDomains({ ctx }),
  }),
  route({
    method: 'POST',
    path: '/domains',
    summary: 'Declare a place',
    permission: 'catalog.manage',
    answer: 'Its id.',
    body: domainInput,
    handle: (ctx, { body }) => createDomain({ ctx, input: body }),
  }),
  route({
    method: 'PATCH',
    path: '/domains/{id}',
    summary: 'Change what is given of a place: carbon by the hour, latency to users, …',
    permission: 'catalog.manage',
    answer: 'Its id.',
    params,
    body: domainUpdate.omit({ id: true }),
    handle: (ctx, { params: { id }, body }) => updateDomain({ ctx, input: { id, ...body } }),
  }),
  route({
    method: 'POST',
    path: '/offerings',
    summary: 'Declare what a place sells',
    permission: 'catalog.manage',
    answer: 'Its id.',
    body: offeringInput,
    handle: (ctx, { body }) => createOffering({ ctx, input: body }),
  }),
  route({
    method: 'PATCH',
    path: '/offerings/{id}',
    summary:
      'Change the terms of an offering; approvals that are bound to other prices are void from then on',
    permission: 'catalog.manage',
    answer: 'Its id.',
    params,
    body: offeringUpdate.omit({ id: true }),
    handle: (ctx, { params: { id }, body }) => updateOffering({ ctx, input: { id, ...body } }),
  }),
]
