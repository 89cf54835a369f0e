# In a cell of a notebook:
from IPython.display import IFrame

IFrame("PLAYGROUND/?embed=1&lesson=storage", width="100%", height=640, extras=['title="StatefulSet Playground"'])
