'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { errorMessageOf } from '../api/errors.ts'
import { useTRPC } from '../api/provider.tsx'
import { Button } from '../ui/button.tsx'
import { shortHash } from '../ui/format.ts'

/**
 * Makes a stored forecast again from what is stored, and says whether every byte came out the same. The answer stays when
 * a newer forecast has come meanwhile, and says that it is of the one before.
 */
export function Reproduce({ forecastId, hint }: { forecastId: string; hint?: string }) {
  const [asked, setAsked] = useState<string | null>(null)
  const trpc = useTRPC()
  const query = useQuery(
    trpc.forecast.reproduce.queryOptions(
      { forecastId: asked ?? forecastId },
      { enabled: asked !== null, staleTime: Number.POSITIVE_INFINITY, retry: false },
    ),
  )
  const button = (
    <Button
      size="sm"
      onClick={() => setAsked(forecastId)}
      title="Make it again from what is stored, and compare"
    >
      Reproduce
    </Button>
  )
  if (asked === null) {
    return (
      <>
        {button}
        {hint ? <span>{hint}</span> : null}
      </>
    )
  }
  if (query.error) {
    return (
      <span role="alert" className="text-breach">
        Not reproduced: {errorMessageOf(query.error)}
      </span>
    )
  }
  if (!query.data) return <span role="status">making it again …</span>
  const { possible, same, text, differences, stateHash } = query.data
  const look = same ? 'text-verified' : possible ? 'text-breach' : 'text-wait'
  const earlier = asked !== forecastId
  return (
    <span role="status" className="flex min-w-0 flex-col items-start gap-1">
      {earlier ? button : null}
      <span className={look}>
        {same ? '✓ ' : ''}
        {earlier ? `Forecast ${asked.slice(0, 8)}, shown before: ` : ''}
        {text}
      </span>
      {same && stateHash ? <span className="num"> state {shortHash(stateHash)}</span> : null}
      {differences.slice(0, 5).map((difference) => (
        <span key={difference.path} className="num block">
          {difference.path}: stored {difference.stored}, made again {difference.reproduced}
        </span>
      ))}
    </span>
  )
}
