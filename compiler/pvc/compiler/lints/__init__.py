"""Lints: what a good reviewer would say of a talk that is not wrong, and how loud each of them is.

`table` names them, `settings` says how loud they are and where their thresholds lie, `config` reads that from
`pvc.toml`, `allows` reads comments of a spec, `judge` applies both to findings. The rest are the rules themselves.
"""
