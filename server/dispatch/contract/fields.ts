import { z } from 'zod'

/** What a person calls something. */
export const givenName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{C}]*$/u, 'must hold no control characters')

/** Why a person did something. */
export const reason = z.string().trim().min(3, 'say why in at least three characters').max(2_000)

/** A name as Kubernetes gives namespaces and accounts. */
export const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be a name as Kubernetes allows it')
