"""Over postgres_fdw, fits and scalers go to the rows, with the same bits; a plan with a scaler in it is as careful as a look-up."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from common import Server, run_scenario                             # noqa: E402
from several_servers import check_section                           # noqa: E402


def scenario(installation):
    with Server(installation, "app") as app, Server(installation, "shard1") as shard1, \
            Server(installation, "shard2") as shard2:
        check_section("docs/distributed.md", "postgres_fdw", {"app": app, "shard1": shard1, "shard2": shard2})


if __name__ == "__main__":
    run_scenario(scenario)
