import { cn } from './class-names.ts'

/** Holds the place of something that is on its way, in its very size. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div
      aria-hidden="true"
      className={cn('animate-pulse motion-reduce:animate-none rounded-sm bg-hover', className)}
    />
  )
}

const widths = ['w-3/5', 'w-4/5', 'w-1/2', 'w-2/3', 'w-3/4']

/** Rows of a list that is on its way. */
export function SkeletonRows({ rows, className }: { rows: number; className?: string }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => index).map((index) => (
        <div key={index} className={cn('flex h-8 items-center border-b px-3', className)}>
          <Skeleton className={cn('h-3', widths[index % widths.length])} />
        </div>
      ))}
    </div>
  )
}
