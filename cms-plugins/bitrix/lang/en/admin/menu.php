<?php

$MESS['FISCALGATE_MENU'] = 'Fiscalgate receipts';
