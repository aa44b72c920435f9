"""A change in the vault, the sheets or the config -> a build, until it is interrupted."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from argmap.building import Built, build_site
from argmap.project import Project

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor
    from datetime import date, datetime

    from watchfiles import Change

    from argmap.config import Settings
    from argmap.project import Step

_QUIET, _LONGEST = 40, 400  # ms: a burst of changes is over after so long, or is cut off
_LOOK_AT_CLOCK = 30.0  # s
_CONFIGS = ("argmap.toml", "pyproject.toml")


class Places(NamedTuple):
    """Where changes matter: folders with all below them, and one folder alone."""

    deep: tuple[Path, ...]
    flat: tuple[Path, ...]


@dataclass
class Keeper:
    """Keeps a project's site up to date.

    `clock` tells the moment; without `as_of` the site is as of its day. `told` is given what a
    rebuild came to, or what broke it: then the last good site stays.
    """

    root: Path
    clock: Callable[[], datetime]
    told: Callable[[Built | Exception], None]
    as_of: date | None = None
    online: bool = True
    public: bool = False
    allow_new: bool = False  # in the first build; what is marked later waits for the next
    executor: Executor | None = None  # that reads and makes pages; processes, if not given
    settings: Settings = field(init=False)
    _day: date = field(init=False)
    _data: tuple[str, ...] = ()
    _cold: bool = True

    def build(self, step: Step = lambda *_: None) -> Built:
        """Build the site, where anything changed. Raises what building raises."""
        now = self.clock()
        self._day = self.as_of or now.date()
        project = Project.open(self.root)
        self.settings = project.settings
        built = build_site(
            project, self._day, online=self.online, fixed=bool(self.as_of), step=step, now=now,
            public=self.public, allow_new=self.allow_new, executor=self.executor,
        )  # fmt: skip
        self.allow_new = False
        self._data = built.data
        self._cold &= not built.changed
        return built

    async def watch(self, renewed: Callable[[], None] = lambda: None) -> None:
        """Build after every change, and on every new day; call `renewed` when there was news."""
        import asyncio

        while True:
            places, stop, changed = self.places(), asyncio.Event(), asyncio.Event()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen(places.flat, False, stop, changed))
                if places.deep:
                    group.create_task(self._listen(places.deep, True, stop, changed))
                await asyncio.sleep(0)  # they listen from here on
                await asyncio.to_thread(self._warm_up)
                changed.set()  # for what changed before they did
                while places == self.places():
                    await self._until(changed)
                    if await asyncio.to_thread(self._rebuilt):
                        renewed()
                stop.set()

    def places(self) -> Places:
        """Return the folders to watch: what is not there shows in the project's own."""
        settings = self.settings
        data = (settings.root / name for name in self._data)
        wanted = (settings.vault_folder, settings.claims_folder, *(path.parent for path in data))
        deep = sorted({path.resolve() for path in wanted if path.is_dir()})
        tops = [path for path in deep if not any(up in path.parents for up in deep)]
        return Places(tuple(tops), (settings.root.resolve(),))

    def matters(self, path: Path) -> bool:
        """Say whether a change of this file may change the site."""
        settings = self.settings
        written = (settings.site_folder, settings.claims_folder / "history")
        if any(path.is_relative_to(folder.resolve()) for folder in written):
            return False
        root = settings.root.resolve()
        if path.parent == root and path.name in _CONFIGS:
            return True
        read = (settings.vault_folder, settings.claims_folder, *self.places().deep)
        within = [folder for folder in map(Path.resolve, read) if path.is_relative_to(folder)]
        if not within:  # or above: a folder that was not there
            return any(folder.resolve().is_relative_to(path) for folder in read)
        if path.parts[-2:] == (".obsidian", "app.json"):
            return True
        return not any(part.startswith(".") for part in path.relative_to(within[0]).parts)

    async def _listen(
        self, folders: Iterable[Path], recursive: bool, stop: asyncio.Event, changed: asyncio.Event
    ) -> None:
        from watchfiles import awatch

        def matters(_: Change, path: str) -> bool:
            return self.matters(Path(path))

        async for _ in awatch(
            *folders,
            watch_filter=matters,
            debounce=_LONGEST,
            step=_QUIET,
            stop_event=stop,
            recursive=recursive,
        ):
            changed.set()

    async def _until(self, changed: asyncio.Event) -> None:
        """Wait for a change, or for the next day."""
        import asyncio

        while not changed.is_set() and (self.as_of or self.clock().date()) == self._day:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AT_CLOCK):
                    await changed.wait()
        changed.clear()

    def _warm_up(self) -> None:
        """Judge and write into the air, so that the first change is as fast as any later one.

        What is imported, compiled and read for that stays; needless where a build did it.
        """
        from argmap.pages.render import render

        if self._cold:
            self._cold = False
            with suppress(Exception):  # a build will tell
                render(Project.open(self.root).report(self._day, online=False))

    def _rebuilt(self) -> bool:
        try:
            built = self.build()
        except Exception as error:  # noqa: BLE001  whatever it is, the last good site stays
            self.told(error)
            return False
        if built.changed:
            self.told(built)
        return built.changed


def watch(keeper: Keeper) -> None:
    """Keep a site that was built up to date. Raises KeyboardInterrupt when it is interrupted."""
    import asyncio

    asyncio.run(keeper.watch())
