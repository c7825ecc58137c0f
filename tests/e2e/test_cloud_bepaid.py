"""bepaid as a register: the provider takes the money too."""
from begateway_support import Begateway
from cloud_support import CloudCase


class BePaid(Begateway, CloudCase):
    PROVIDER = "bepaid"
