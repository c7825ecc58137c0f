<?php

$MESS['FISCALGATE_MENU'] = 'Чеки Fiscalgate';
