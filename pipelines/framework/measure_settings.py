"""Settings of the measures: what the framework may set, and what holds while it does not."""

from pipelines.framework.rule_limits import Limit

SETTINGS: dict[str, Limit] = {
    "chart_screened": Limit(
        1,
        0,
        1,
        "1: steps 3.267 times the mean one or larger do not widen a control chart; 0: they do.",
    ),
    "chart_trial_points": Limit(
        12, 2, 100, "Limits of a control chart on fewer values than this are trial limits."
    ),
    "trend_points": Limit(
        5, 3, 20, "A recent trend is looked for in this many values whose periods do not overlap."
    ),
    "proxy_pairs": Limit(
        8, 3, 100, "A link between proxy and target is tested from this many pairs of changes on."
    ),
    "proxy_permutations": Limit(
        2000, 100, 100_000, "How many times the changes are shuffled to see what chance alone would give."
    ),
    "proxy_p_strong": Limit(0.05, 0, 1, "A link is graded A only where chance alone gives less than this."),
    "proxy_p_fair": Limit(
        0.2, 0, 1, "A link is graded B, or D where it contradicts, where chance alone gives less than this."
    ),
    "proxy_concordance": Limit(
        0.75, 0, 1, "A link is graded A only where this share of changes went the way that it says."
    ),
}
