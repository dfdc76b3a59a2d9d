/** A person holds any set of roles; none includes another. */
export const roles = ['operator', 'admin', 'auditor'] as const
export type Role = (typeof roles)[number]

/** What an API key may be used for. A key never holds more than its owner does. */
export const scopes = ['telemetry:write', 'read', 'decide', 'administer'] as const
export type Scope = (typeof scopes)[number]

/**
 * Who may do what. Every verb names one permission, and authorises before it does anything else.
 * `roles` empty: the system alone. `scope`: what an API key needs besides its owner's role.
 */
export const permissions = {
  'telemetry.write': { roles: ['operator', 'admin'], scope: 'telemetry:write' },
  'telemetry.read': { roles: ['operator', 'admin', 'auditor'], scope: 'read' },
  'workload.manage': { roles: ['admin'], scope: 'administer' },
  'mapping.manage': { roles: ['admin'], scope: 'administer' },
  'forecast.read': { roles: ['operator', 'admin', 'auditor'], scope: 'read' },
  'event.manage': { roles: ['operator', 'admin'], scope: 'decide' },
  'forecaster.manage': { roles: ['admin'], scope: 'administer' },
  'forecast.run': { roles: [], scope: 'administer' },
  'baseModel.read': { roles: ['operator', 'admin', 'auditor'], scope: 'read' },
  'baseModel.decide': { roles: ['operator', 'admin'], scope: 'decide' },
  'baseModel.refit': { roles: ['admin'], scope: 'administer' },
  'baseModel.keep': { roles: [], scope: 'administer' },
  'catalog.read': { roles: ['operator', 'admin', 'auditor'], scope: 'read' },
  'catalog.manage': { roles: ['admin'], scope: 'administer' },
  'model.fit': { roles: [], scope: 'administer' },
  'policy.read': { roles: ['operator', 'admin', 'auditor'], scope: 'read' },
  'policy.manage': { roles: ['admin'], scope: 'administer' },
  'policy.keep': { roles: [], scope: 'administer' },
  'policy.waive': { roles: ['admin'], scope: 'decide' },
  'proposal.read': { roles: ['operator', 'admin', 'auditor'], scope: 'read' },
  'proposal.create': { roles: [], scope: 'administer' },
  'proposal.decide': { roles: ['operator'], scope: 'decide' },
  'decision.read': { roles: ['operator', 'admin', 'auditor'], scope: 'read' },
  'breakGlass.open': { roles: ['operator'], scope: 'decide' },
  'breakGlass.review': { roles: ['operator', 'admin'], scope: 'decide' },
  /** Anybody who answers for what is running may stop it; who lets it go on is an admin. */
  'dispatch.stop': { roles: ['operator', 'admin'], scope: 'decide' },
  'dispatch.release': { roles: ['admin'], scope: 'administer' },
  'dispatch.run': { roles: [], scope: 'administer' },
  'target.read': { roles: ['operator', 'admin', 'auditor'], scope: 'read' },
  'target.manage': { roles: ['admin'], scope: 'administer' },
  'evaluation.read': { roles: ['operator', 'admin', 'auditor'], scope: 'read' },
  'evaluation.keep': { roles: [], scope: 'administer' },
  'scene.run': { roles: ['operator', 'admin'], scope: 'decide' },
  'notifier.read': { roles: ['operator', 'admin', 'auditor'], scope: 'read' },
  'notifier.manage': { roles: ['admin'], scope: 'administer' },
  'notifier.tell': { roles: [], scope: 'administer' },
  'audit.read': { roles: ['operator', 'admin', 'auditor'], scope: 'read' },
  'audit.seal': { roles: [], scope: 'administer' },
  'audit.verify': { roles: ['admin', 'auditor'], scope: 'read' },
  'audit.witness': { roles: ['admin'], scope: 'administer' },
  'audit.export': { roles: ['admin', 'auditor'], scope: 'read' },
  'secrets.reseal': { roles: [], scope: 'administer' },
  'people.read': { roles: ['admin', 'auditor'], scope: 'read' },
  'people.manage': { roles: ['admin'], scope: 'administer' },
  'apiKey.manage': { roles: ['admin'], scope: 'administer' },
} as const satisfies Record<string, { roles: readonly Role[]; scope: Scope }>

export type Permission = keyof typeof permissions

/** What a key of somebody with these roles can be used for: no other scope would ever open anything. */
export function scopesOf(held: readonly Role[]): Scope[] {
  const open = Object.values(permissions).filter(({ roles: of }) => of.some((role) => held.includes(role)))
  return scopes.filter((scope) => open.some((permission) => permission.scope === scope))
}
