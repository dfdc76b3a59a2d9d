import {
  Bell,
  BrainCircuit,
  ChartScatter,
  Clapperboard,
  Gauge,
  Handshake,
  Inbox,
  ListChecks,
  type LucideIcon,
  Network,
  Scale,
  ScrollText,
  Server,
  Users,
} from 'lucide-react'
import type { Permission } from '../../server/auth/contract.ts'

export type NavEntry = { href: string; label: string; icon: LucideIcon; needs: Permission }

/** The pages of the product, in the order of the rail. */
export const navigation: readonly NavEntry[] = [
  { href: '/', label: 'Overview', icon: Gauge, needs: 'proposal.read' },
  { href: '/inbox', label: 'Inbox', icon: Inbox, needs: 'proposal.read' },
  { href: '/workloads', label: 'Workloads', icon: Server, needs: 'telemetry.read' },
  { href: '/decisions', label: 'Decisions', icon: ScrollText, needs: 'decision.read' },
  { href: '/log', label: 'Log', icon: ListChecks, needs: 'audit.read' },
  { href: '/policies', label: 'Policies', icon: Scale, needs: 'policy.read' },
  { href: '/models', label: 'Models', icon: BrainCircuit, needs: 'baseModel.read' },
  { href: '/targets', label: 'Targets', icon: Network, needs: 'target.read' },
  { href: '/evaluation', label: 'Evaluation', icon: ChartScatter, needs: 'evaluation.read' },
  { href: '/acceptability', label: 'Acceptability', icon: Handshake, needs: 'evaluation.read' },
  { href: '/scenes', label: 'Scenes', icon: Clapperboard, needs: 'scene.run' },
  { href: '/notifications', label: 'Notifications', icon: Bell, needs: 'notifier.read' },
  { href: '/people', label: 'People', icon: Users, needs: 'people.read' },
]

/** True for the page itself and all below it. */
export function isCurrent(href: string, pathname: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`)
}
