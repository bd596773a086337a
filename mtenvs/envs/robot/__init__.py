"""Family `robot`: the 50 Meta-World tasks of a Sawyer arm, over the real `metaworld` package (extra ``[robot]``).

`world.py` is the world (state, step, reset, snapshot, pictures), `fast.py` its step path, `goals.py` and `benchmarks.py` the
goal sets and the benchmarks made of them, `experts.py` the scripted policies, `custom.py` the door for tasks of your own.
"""
