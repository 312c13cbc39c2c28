import sys, time, logging
import structlog
from tests.simulation.history import history
from tests.simulation.luck import seeded_luck
from tests.simulation.world import World
from tests.simulation.worker import Parts
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
from collections import Counter
a,b=int(sys.argv[1]),int(sys.argv[2])
c=Counter(); ex={}
t=time.process_time(); vt=0; turns=0
with seeded_luck() as luck:
    for seed in range(a,b):
        luck.draw_from(seed)
        w=World(seed, Parts())
        broken=w.live(history(seed))
        vt+=w.scheduler.now
        if broken:
            c[broken.promise]+=1; ex.setdefault(broken.promise,[]).append((seed,broken.how))
d=time.process_time()-t
print(f"{(b-a)} seeds {d:.2f}s {d/(b-a)*1000:.1f} ms each, virtual {vt/(b-a):.1f}s")
for k,v in ex.items(): print(c[k],k,v[:4])
from tests.simulation.shrink import shrunk
def go(seed, h):
    with seeded_luck() as luck:
        luck.draw_from(seed)
        return World(seed, Parts()).live(h)
for k,v in ex.items():
    for seed, how in v[:int(sys.argv[3]) if len(sys.argv)>3 else 1]:
        h=shrunk(history(seed), lambda d: (b:=go(seed,d)) is not None and b.promise==k)
        print(f"\nseed {seed} {go(seed,h)}")
        for d in h: print(f"  +{d.pause:5} ms  {d}")
