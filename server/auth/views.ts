import type { Prisma } from '../kernel/db.ts'
import { scopes } from '../kernel/roles.ts'
import type { ApiKeyView, GroupView, UserView } from './contract.ts'

export const userFields = {
  id: true,
  email: true,
  name: true,
  roles: true,
  active: true,
  lastSignInAt: true,
  createdAt: true,
  secondFactor: { select: { confirmedAt: true } },
  _count: { select: { identities: true } },
  groups: { select: { group: { select: { name: true } } }, orderBy: { group: { name: 'asc' } } },
} as const satisfies Prisma.UserSelect

export function userView({
  _count,
  ...user
}: Prisma.UserGetPayload<{ select: typeof userFields }>): UserView {
  return {
    ...user,
    secondFactor: user.secondFactor?.confirmedAt != null,
    fromProvider: _count.identities > 0,
    groups: user.groups.map(({ group }) => group.name),
    lastSignInAt: user.lastSignInAt?.toISOString() ?? null,
    createdAt: user.createdAt.toISOString(),
  }
}

export const groupFields = {
  id: true,
  name: true,
  title: true,
  createdAt: true,
  members: {
    select: { fromProvider: true, user: { select: { id: true, name: true, email: true, active: true } } },
    orderBy: [{ user: { name: 'asc' } }, { userId: 'asc' }],
  },
} as const satisfies Prisma.GroupSelect

export function groupView(group: Prisma.GroupGetPayload<{ select: typeof groupFields }>): GroupView {
  return {
    ...group,
    members: group.members.map(({ user, fromProvider }) => ({ ...user, fromProvider })),
    createdAt: group.createdAt.toISOString(),
  }
}

export const apiKeyFields = {
  id: true,
  name: true,
  prefix: true,
  scopes: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
  lastUsedAt: true,
  owner: { select: { id: true, name: true, email: true, active: true } },
} as const satisfies Prisma.ApiKeySelect

export function apiKeyView(
  key: Prisma.ApiKeyGetPayload<{ select: typeof apiKeyFields }>,
  now: Date,
): ApiKeyView {
  const { active, ...owner } = key.owner
  const state = key.revokedAt
    ? 'revoked'
    : key.expiresAt && key.expiresAt <= now
      ? 'expired'
      : active
        ? 'active'
        : 'owner-inactive'
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: scopes.filter((scope) => key.scopes.includes(scope)),
    owner,
    state,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  }
}
