"""The YAML twin of `.vid`: the same tree in another spelling, for tools and for models that write JSON.

`read.parse_yaml` reads it, `write.yaml_text` writes it, `shapes` derives its form from the types of the tree, `schema`
says that form as JSON Schema, and `decoding` says what a model may write. Every node is a mapping with a `kind` and the
fields of its dataclass; what is empty is left out. A value is written as in `.vid`: a plain scalar is an expression
(`theme.accent`, `0.5s`), a quoted one a text.
"""
