<?php

$MESS['FISCALGATE_OPERATIONS_TITLE'] = 'Fiscalgate receipts';
