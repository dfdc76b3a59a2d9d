const width = 240
const height = 40
const gap = 2

/** 24 values of a day as bars from zero, with the hour (UTC) and the value on hover; in words for who does not see it. */
export function HourBars({
  values,
  show,
  label,
}: {
  values: readonly number[]
  /** A value with its unit. */
  show: (value: number) => string
  label: string
}) {
  const most = Math.max(...values, 0)
  const bar = width / values.length
  const at = (value: number) => `${String(values.indexOf(value)).padStart(2, '0')}:00`
  const [low, high] = [Math.min(...values), most]
  return (
    <figure className="flex flex-col gap-1">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className="h-10 w-full"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label} by the hour, UTC: ${show(low)} at ${at(low)} to ${show(high)} at ${at(high)}`}
      >
        {values.map((value, hour) => {
          const size = most > 0 ? (value / most) * height : 0
          const clock = `${String(hour).padStart(2, '0')}:00`
          return (
            <rect
              key={clock}
              x={hour * bar}
              y={height - size}
              width={bar - gap}
              height={size}
              className="fill-line-strong hover:fill-ink"
            >
              <title>{`${clock} UTC: ${show(value)}`}</title>
            </rect>
          )
        })}
      </svg>
      <figcaption className="num flex justify-between text-muted text-xs">
        <span>00:00</span>
        <span>
          {show(low)} at {at(low)}, {show(high)} at {at(high)}
        </span>
        <span>24:00 UTC</span>
      </figcaption>
    </figure>
  )
}
