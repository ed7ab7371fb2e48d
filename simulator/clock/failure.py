"""What somebody else's function raises: told to whoever wants to know, else to the event loop."""

import asyncio
from collections.abc import Callable

OnError = Callable[[BaseException], None]


def tell(error: BaseException, on_error: OnError | None, what: str) -> None:
    """`what` names the function to the loop's exception handler."""
    if on_error:
        on_error(error)
    else:
        asyncio.get_running_loop().call_exception_handler({"message": f"{what} failed", "exception": error})


def run_guarded(run: Callable[[], None], on_error: OnError | None, what: str) -> None:
    """Run it and tell what it raises, so that whatever comes next comes all the same."""
    try:
        run()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - somebody else's function may raise anything
        tell(error, on_error, what)
