"""The keyless check of the whole vault, beside `sha256sum` over the same files."""

from bench.measure import forget_cache, in_turn, random_files, run, scratch
from bench.offices import new_installation

FILES, FILE = 10, 200_000_000


def measure(rounds: int) -> dict[str, object]:
    with scratch() as folder:
        card = folder / "card"
        random_files(card, FILES, FILE)
        installation = new_installation(folder)
        installation.aigaq("unload", str(card), "--keep")
        vault = installation.data / "vault"

        def cold(work):
            def contestant():
                forget_cache(vault)
                return work()

            return contestant

        costs = in_turn(
            rounds,
            {
                "ours": cold(lambda: installation.aigaq("vault", "scrub")),
                "sha256sum": cold(lambda: run(f"find {vault}/blobs -type f -print0 | xargs -0 sha256sum")),
                "sha256sum, two at a time": cold(
                    lambda: run(f"find {vault}/blobs -type f -print0 | xargs -0 -P 2 -n 1 sha256sum")
                ),
            },
        )
        ours = costs["ours"]
        return {
            "octets": FILES * FILE,
            "rounds": rounds,
            "table": [
                {
                    "tool": n,
                    "wall_ratio": c.seconds / ours.seconds,
                    "cpu_ratio": c.cpu_seconds / ours.cpu_seconds,
                }
                for n, c in costs.items()
            ],
        }
