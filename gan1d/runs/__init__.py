"""What makes a run survive, and many of them: nothing is lost, and nothing is mixed up.

1. `files`: a file is written whole or not at all, and what is damaged is found.
2. `lock`: one run at a time in a folder.
3. `backup`: all of a training's state, from which it goes on to the same bits.
4. `signals`: Ctrl-C ends a training after the updates at hand.
5. `record`: `run.json` says which run a folder holds.
6. `sweep`: many trainings, one a seed, and `table`: what they ended with.
"""
