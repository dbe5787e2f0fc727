"""The ABIs that a module packs into APKs of their own: `splits { abi { include(…) } }`."""

from scaffold.gradle.module import GradleModule


def split_abis(module: GradleModule) -> tuple[tuple[str, ...], str]:
    """(ABIs, place) of the first `include`; empty where there is none, or an expression in it."""
    from scaffold.syntax.kotlin_tree import arguments, callee, literal, path_of

    for path in module.scripts:
        for one in module.build.sources.seen(path):
            if one.node.type != "call_expression" or one.heads[-2:] != ("splits", "abi"):
                continue
            given = [literal(value) for _, value in arguments(one.node)]
            if path_of(callee(one.node)) == "include" and given:
                abis = tuple(abi for abi in given if abi)
                return (abis, f"{path}:{one.line}") if len(abis) == len(given) else ((), "")
    return (), ""
