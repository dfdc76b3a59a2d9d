import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Env } from '../../kernel/env.ts'
import { roles } from '../../kernel/roles.ts'
import { groupName } from '../contract.ts'

/** What groups of the identity provider give here. */
const mappingShape = z.strictObject({
  groups: z.array(
    z.strictObject({
      /** As the provider's claim says it. */
      provider: z.string().min(1),
      roles: z.enum(roles).array().default([]),
      groups: groupName.array().default([]),
    }),
  ),
})
export type Mapping = z.infer<typeof mappingShape>

/** The identity provider (OpenID Connect) as the environment names it. */
export type OidcSettings = {
  issuer: string
  clientId: string
  clientSecret: string
  /** What the button calls it. */
  name: string
  scope: string
  groupsClaim: string
  mappingFile: string
}

/** Null where no provider is set. */
export function oidcSettings(env: Env): OidcSettings | null {
  const { INFRASAGE_OIDC_ISSUER: issuer, INFRASAGE_OIDC_CLIENT_ID: clientId } = env
  const { INFRASAGE_OIDC_CLIENT_SECRET: clientSecret, INFRASAGE_OIDC_MAPPING_FILE: mappingFile } = env
  if (!issuer || !clientId || !clientSecret || !mappingFile) return null
  const { INFRASAGE_OIDC_NAME: name, INFRASAGE_OIDC_SCOPE: scope } = env
  return {
    ...{ issuer, clientId, clientSecret, mappingFile, name, scope },
    groupsClaim: env.INFRASAGE_OIDC_GROUPS_CLAIM,
  }
}

/** Read at every sign-in, so that a change needs no restart. @throws Error that says what is wrong with the file */
export function readMapping(file: string): Mapping {
  const parsed = mappingShape.safeParse(parse(readFileSync(file, 'utf8')))
  if (parsed.success) return parsed.data
  throw new Error(`${file} is no mapping of groups: ${z.prettifyError(parsed.error)}`)
}

/** The roles and groups of somebody whom the provider counts to these; who is in none that is named holds nothing. */
export function mapGroups(mapping: Mapping, provided: readonly string[]) {
  const held = mapping.groups.filter(({ provider }) => provided.includes(provider))
  return {
    roles: roles.filter((role) => held.some((entry) => entry.roles.includes(role))),
    groups: [...new Set(held.flatMap((entry) => entry.groups))].sort(),
  }
}
