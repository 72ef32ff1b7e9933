from reformgraph.graphs import claim as claim
from reformgraph.graphs import compare as compare
from reformgraph.graphs import dataset as dataset
from reformgraph.graphs import find as find
from reformgraph.graphs import frame as frame
from reformgraph.graphs import network as network
from reformgraph.graphs import store as store
from reformgraph.opening import Opened as Opened
from reformgraph.opening import opened as opened

__version__: str
