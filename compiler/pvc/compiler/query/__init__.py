"""Computing again only what an edit changed: `Engine` and `Query`. It knows nothing of talks."""

from pvc.compiler.query.engine import Cancelled, Cycle, Engine, Event, Memo, Query

__all__ = ["Cancelled", "Cycle", "Engine", "Event", "Memo", "Query"]
