import type { Enforcement, FreezeWindow, Rule, RuleKind, RuleScope } from '../../../server/plan/contract.ts'
import type { Tone } from '../../ui/badge.tsx'
import { formatCount, formatMoney, formatNumber, formatPercent } from '../../ui/format.ts'
import { testLine } from './written-tests.ts'

export const kindWords: Record<RuleKind, { title: string; hint: string }> = {
  'cost-per-hour': {
    title: 'Cost per hour',
    hint: 'What capacity may cost at once, moves in both places included.',
  },
  'cost-per-month': {
    title: 'Budget of a month',
    hint: 'Held against the forecast of the month’s end; says so at 50, 75, 90 and 100 %.',
  },
  jurisdictions: {
    title: 'Jurisdictions',
    hint: 'Where capacity may be added. Name a data classification above.',
  },
  'security-tier': { title: 'Security tier', hint: 'The least tier of a place where capacity may be added.' },
  'step-limit': { title: 'Step limit', hint: 'The most that one action may add or take away.' },
  'rate-limit': { title: 'Rate limit', hint: 'How often a workload may be changed within an hour.' },
  written: {
    title: 'Written in Cedar',
    hint: 'Policies in the Cedar language that forbid single actions.',
  },
  freeze: { title: 'Freeze', hint: 'A time in which nothing is changed.' },
  'spot-share': {
    title: 'Share of spot',
    hint: 'How much of a workload’s capacity may be reclaimed at any time.',
  },
  carbon: { title: 'Carbon', hint: 'Grams of CO₂ that capacity may give off.' },
}

export const enforcementWords: Record<Enforcement, { label: string; hint: string; tone: Tone }> = {
  advisory: { label: 'advisory', hint: 'Said, never in the way.', tone: 'neutral' },
  'soft-mandatory': {
    label: 'soft',
    hint: 'Refuses, unless an admin lets it pass with a reason.',
    tone: 'wait',
  },
  'hard-mandatory': { label: 'hard', hint: 'Refuses, whoever asks.', tone: 'breach' },
}

export const perWords = {
  workload: 'each workload alone',
  team: 'each team together',
  environment: 'each environment together',
  scope: 'all of them together',
} as const

/** "team chat, restricted data"; "every workload" where nothing is given. */
export function scopeText({ workload, team, environment, dataClassification }: RuleScope): string {
  const words = [
    workload && `workload ${workload}`,
    team && `team ${team}`,
    environment && `environment ${environment}`,
    dataClassification && `${dataClassification} data`,
  ].filter(Boolean)
  return words.length > 0 ? words.join(', ') : 'every workload'
}

/** The limit of a rule in a few words. */
export function limitText(rule: Rule): string {
  const shared = 'per' in rule && rule.per !== 'workload' ? `, ${perWords[rule.per]}` : ''
  switch (rule.kind) {
    case 'cost-per-hour':
      return `${formatMoney(rule.limitUsd, { per: 'h' })}${shared}`
    case 'cost-per-month':
      return `${formatMoney(rule.limitUsd)} a month${shared}`
    case 'jurisdictions':
      return rule.allowed.join(', ')
    case 'security-tier':
      return `tier ${rule.minimum} or higher`
    case 'step-limit':
      return `+${rule.maxUp}, −${rule.maxDown} at once`
    case 'rate-limit':
      return `${rule.maxChangesPerHour} an hour`
    case 'freeze':
      return `${windowText(rule.window)}${rule.blocks === 'falls' ? ', falls only' : ''}`
    case 'written':
      return `${formatCount(rule.text.split('\n').length, 'line')} of Cedar, ${formatCount(rule.tests.length, 'test')}`
    case 'spot-share':
      return `at most ${formatPercent(rule.maxShare)}`
    case 'carbon':
      return rule.unit === 'g-per-hour'
        ? `${formatNumber(rule.limit)} g/h${shared}`
        : `${formatNumber(rule.limit)} g per 1,000`
  }
}

function windowText(window: FreezeWindow): string {
  if (window.repeat === 'weekly')
    return `${window.days.join(' ')} ${window.from}–${window.to} ${window.timeZone}`
  const minute = (iso: string) => new Date(iso).toISOString().slice(0, 16).replace('T', ' ')
  return `${minute(window.from)} – ${minute(window.to)} UTC`
}

/** Everything that a rule says, field by field, to compare two of them. */
export function ruleFields(rule: Rule): { label: string; text: string }[] {
  return [
    { label: 'Kind', text: kindWords[rule.kind].title },
    { label: 'Enforcement', text: enforcementWords[rule.enforcement].label },
    { label: 'About', text: scopeText(rule.scope) },
    ...(rule.kind === 'written'
      ? [
          { label: 'Policies', text: rule.text },
          { label: 'Tests', text: rule.tests.map(testLine).join('\n') },
        ]
      : [{ label: 'Limit', text: limitText(rule) }]),
    { label: 'Note', text: rule.note ?? '' },
  ]
}
