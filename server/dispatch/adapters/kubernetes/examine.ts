import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import type { Examination, KubernetesRef } from '../../contract.ts'
import type { Asked, KubernetesClient } from './client.ts'
import { type Grant, grantsFor, rightInWords } from './grants.ts'
import { kinds } from './kinds/index.ts'
import type { ClusterAccess } from './kubeconfig.ts'

/** So many questions at once: an API server of one's own is not to be flooded by a test. */
const questionsAtOnce = 8

/**
 * As whom the API server knows us, what it is, which kinds of target it has, and which of the rights that these targets need it would
 * not give us. Changes nothing. @throws what the network or the API server said, if it does not even say who we are
 */
export async function examineCluster(
  client: KubernetesClient,
  access: ClusterAccess,
  refs: readonly KubernetesRef[],
): Promise<Examination> {
  const knownAs = await client.whoAmI()
  const began = performance.now()
  // Both are open to everybody who is signed in, unless a cluster took that away: then nothing is known, and nothing is wrong.
  const version = await client.version().catch(() => null)
  const latencyMs = Math.round(performance.now() - began)
  const [present, missing] = await Promise.all([
    kindsOf(client).catch(() => []),
    missingRights(client, grantsFor(refs)),
  ])
  return {
    ...{ knownAs, server: client.server, version, latencyMs, kinds: present, missing },
    expiresAt: expiryOf(access)?.toISOString() ?? null,
  }
}

async function kindsOf({ objects }: KubernetesClient): Promise<string[]> {
  const groups = await objects.groups()
  const found = await Promise.all(
    Object.values(kinds).map(async ({ kind, resource }) => {
      if (resource === null) return []
      const served = groups.get(resource.group) ?? []
      const version = resource.versions.find((each) => served.includes(each))
      if (version === undefined) return []
      const there = await objects.resources(resource.group, version)
      return there.some(({ plural }) => plural === resource.plural) ? [kind] : []
    }),
  )
  return found.flat()
}

async function missingRights(client: KubernetesClient, grants: readonly Grant[]): Promise<string[]> {
  const asked = grants.flatMap(({ verbs, names, ...place }) =>
    verbs.flatMap((verb) => (names ?? [null]).map((name): Asked => ({ ...place, verb, name }))),
  )
  const missing: string[] = []
  for (let at = 0; at < asked.length; at += questionsAtOnce) {
    const some = asked.slice(at, at + questionsAtOnce)
    const answers = await Promise.all(some.map((each) => client.may(each)))
    missing.push(...some.filter((_, index) => !answers[index]).map(rightInWords))
  }
  return missing
}

const claims = z.object({ exp: z.number() })

/** When a token or a client certificate ends; null where it does not say, or is renewed by itself. */
export function expiryOf({ user }: ClusterAccess): Date | null {
  try {
    if (user.certData !== undefined) {
      return new Date(new X509Certificate(Buffer.from(user.certData, 'base64')).validTo)
    }
    const payload = Buffer.from(user.token?.split('.')[1] ?? '', 'base64url').toString('utf8')
    return new Date(claims.parse(JSON.parse(payload)).exp * 1_000)
  } catch {
    return null
  }
}
