import type { Compliance, PlanContent, RulePrice } from '../../server/plan/contract.ts'
import { Button } from '../ui/button.tsx'
import { formatMoney, formatNumber, formatPercentChange, formatSigned, NONE } from '../ui/format.ts'
import { ScrollAcross } from '../ui/scroll-across.tsx'
import { ruleName } from './words.ts'

/** Where rules stand in the way: the nearest plan that complies, or which rules conflict, and the price of each. */
export function ComplianceFacts({
  content,
  compliance,
  onTry,
}: {
  content: PlanContent
  compliance: Compliance
  onTry?: (replicas: number) => void
}) {
  const { nearest, conflict, prices } = compliance
  const level = levelOf(content, compliance)
  const isPlan = level !== null && level === content.effect.replicas
  return (
    <div className="mb-2 border-wait border-l-2 pl-3">
      {nearest === null ? (
        <p>
          Nothing of it complies. What has to give way: <strong>{conflict.map(ruleName).join(', ')}</strong>.
        </p>
      ) : isPlan ? (
        <p>
          Held to {nearest.label} by {compliance.rules.map(ruleName).join(', ')}.
        </p>
      ) : (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span>
            Nearest that complies: <strong className="num font-medium">{nearest.label}</strong>
          </span>
          {onTry && level !== null ? (
            <Button size="sm" onClick={() => onTry(level)}>
              Try {level}
            </Button>
          ) : null}
        </p>
      )}
      <ScrollAcross label="What each rule costs or saves">
        <table className="mt-1 w-full text-xs">
          <caption className="sr-only">What each rule costs or saves, against the plan without it</caption>
          <thead>
            <tr>
              <th scope="col" className="eyebrow py-1 pr-2 text-left">
                without
              </th>
              <th scope="col" className="eyebrow px-2 py-1 text-right">
                plan
              </th>
              <th scope="col" className="eyebrow px-2 py-1 text-right">
                cost
              </th>
              <th scope="col" className="eyebrow px-2 py-1 text-right">
                SLO risk
              </th>
              <th scope="col" className="eyebrow px-2 py-1 text-right">
                p99
              </th>
              <th scope="col" className="eyebrow py-1 pl-2 text-right">
                carbon
              </th>
            </tr>
          </thead>
          <tbody>
            {prices.map((price) => (
              <Price key={price.rule} price={price} />
            ))}
          </tbody>
        </table>
      </ScrollAcross>
    </div>
  )
}

function Price({ price }: { price: RulePrice }) {
  const { levels } = price.without
  const plan = levels.map(({ fromReplicas, toReplicas }) => `${fromReplicas} → ${toReplicas}`).join(', ')
  // What is shown is the plan without the rule against the one with it: the other way round than what is saved.
  const risk = price.savesSloRisk
  const latency = price.savesLatencyP99Ms
  return (
    <tr className="border-t">
      <th scope="row" className="py-1 pr-2 text-left font-normal">
        {ruleName(price.rule)}
      </th>
      <td className="num whitespace-nowrap px-2 py-1 text-right">{plan || 'no change'}</td>
      <td className="num whitespace-nowrap px-2 py-1 text-right">
        {formatMoney(-price.savesUsdPerHour, { per: 'h', signed: true })}
      </td>
      <td className="num whitespace-nowrap px-2 py-1 text-right">
        {risk === null ? NONE : formatPercentChange(-risk, 1)}
      </td>
      <td className="num whitespace-nowrap px-2 py-1 text-right">
        {latency === null ? NONE : `${formatSigned(-latency, 0)} ms`}
      </td>
      <td className="num whitespace-nowrap py-1 pl-2 text-right">
        {signOf(-price.savesCarbonGPerHour)}
        {formatNumber(Math.abs(price.savesCarbonGPerHour), 0)} g/h
      </td>
    </tr>
  )
}

/** Nothing is neither more nor less. */
function signOf(change: number): string {
  if (change === 0) return '±'
  return change < 0 ? '−' : '+'
}

/** The level of the leading pool that the nearest plan asks for, where it asks for nothing else. */
function levelOf({ evidence }: PlanContent, { nearest }: Compliance): number | null {
  const [action, ...others] = nearest?.actions ?? []
  return action && others.length === 0 && action.poolId === evidence.capacity.poolId
    ? action.toReplicas
    : null
}
